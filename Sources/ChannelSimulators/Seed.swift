import Hummingbird
enum SeedX {}
