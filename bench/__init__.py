"""What is measured, and how: `./dev bench`. See bench/README.md."""
