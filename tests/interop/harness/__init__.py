"""What the scenarios are made of: brokers, clients of several makes, certificates, and a proxy that can cut."""
