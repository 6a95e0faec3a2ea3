/// The small file beside a store's database that says which life it belongs to.
///
/// Compared with the database when a store is opened. A database that was put back
/// from elsewhere, or a directory that was copied, is told by one of: another
/// generation or epoch, fewer changes than the mark has seen, other inodes. Moving
/// a store to another file system looks like a copy too: the price is that its
/// channels are observed once more, while a copy taken for the original would
/// issue the same dots twice.
struct LifeMark: Equatable {
    let generation: String
    let epoch: Int64
    /// A sequence that was on disk when the mark was written; the database has at least this one.
    let sequence: Int64
    /// Inodes of the database and of its directory.
    let place: String

    static func path(in directory: String) -> String { directory + "/heyi.life" }

    init(generation: String, epoch: Int64, sequence: Int64, directory: String, on disk: any Disk) throws {
        self.generation = generation
        self.epoch = epoch
        self.sequence = sequence
        place = try LifeMark.place(of: directory, on: disk)
    }

    /// Reads the mark of a directory; nil when there is none or it cannot be understood.
    init?(in directory: String, on disk: any Disk) {
        guard let bytes = disk.contents(LifeMark.path(in: directory)) else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ").map(String.init)
        guard words.count == 4, let epoch = Int64(words[1]), let sequence = Int64(words[2]) else { return nil }
        generation = words[0]
        self.epoch = epoch
        self.sequence = sequence
        place = words[3]
    }

    func write(in directory: String, on disk: any Disk) throws {
        try disk.write(Array("\(generation) \(epoch) \(sequence) \(place)".utf8), to: LifeMark.path(in: directory))
    }

    /// Whether a database with this generation, epoch and newest sequence, in this
    /// directory, is the one the mark was written beside.
    func accompanies(
        generation: String, epoch: Int64, newest: Int64, directory: String, on disk: any Disk
    ) throws -> Bool {
        // The mark of an opening is written after its commit, so one epoch behind is a crash in between, not a copy.
        guard self.generation == generation, self.epoch == epoch || self.epoch == epoch - 1 else { return false }
        return try newest >= sequence && place == LifeMark.place(of: directory, on: disk)
    }

    private static func place(of directory: String, on disk: any Disk) throws -> String {
        "\(try disk.identity(of: directory + "/heyi.db")):\(try disk.identity(of: directory))"
    }
}
