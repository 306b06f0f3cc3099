"""Training and measuring with Keras; nothing that serves imports this."""
