"""What a person drew: strokes and pictures, made comparable."""
