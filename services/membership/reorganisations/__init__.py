"""What one decision does to several units: merged, split, upgraded with cells of their own."""
