"""What Homeward remembers: tables, the engine, sealed values and the migrations that lead there."""
