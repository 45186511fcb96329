"""How large a file may be. Chosen so that looking at the largest one takes less than 300 MB and five seconds."""

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
# A photo of a phone has 12 million. Each takes four bytes while the picture is open, and as much again to turn it.
MOST_PIXELS = 13_000_000
# WEBP is opened and written in several copies.
MOST_PIXELS_OF_WEBP = 5_000_000
MOST_SIDE = 10_000
# A recording: half an hour of speech, or four minutes of a small film. It is never opened whole, only walked through.
MOST_BYTES_OF_RECORDING = 30 * MEGABYTE
MOST_BYTES_OF_CAPTIONS = 400_000
MOST_CUES = 3_000
