//! CONNECT, CONNACK and AUTH: what each end learns from them.
