"""What does a link ask for? Its page's answer as plain values, for programs and terminals."""
