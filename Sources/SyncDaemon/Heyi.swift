import ArgumentParser
import Hummingbird
import Mustache
import Yams
import CryptoExtras

@main
struct Heyi: AsyncParsableCommand {
    func run() async throws {}
}
