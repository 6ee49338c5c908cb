"""What should never be sent, sent: a hundred thousand bad messages with good ones between them."""
