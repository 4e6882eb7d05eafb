"""A device list from elsewhere: read, mapped to our columns, converted, checked."""
