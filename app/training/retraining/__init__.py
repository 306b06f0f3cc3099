"""A champion and people's corrections → a challenger, the proof whether it is better, a report."""
