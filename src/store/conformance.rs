//! What every store must do: run it on yours.
