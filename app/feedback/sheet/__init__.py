"""The spreadsheet that corrections are mirrored to: what it is to be told, and the telling."""
