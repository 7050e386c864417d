"""Risk: rules over what is known of an event and its ships, a score that prints its parts, and legal rules by date."""
