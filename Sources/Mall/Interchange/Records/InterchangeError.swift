/// Why an import or export as a whole cannot go on; single bad rows are ``RowFault``s.
package enum InterchangeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The options do not fit together or name something unknown: fix the command.
    case unusable(String)
    /// The file as a whole cannot be read: fix the file.
    case unreadable(String)
    /// The file is not the one the checkpoint was taken of: start over without `--resume`.
    case otherFile(String)
    /// The store could not read or write: see its message, then run again with `--resume`.
    case store(String)
    /// The caller asked to stop; what was committed stays, run again with `--resume`.
    case cancelled

    package var description: String {
        switch self {
        case .unusable(let text), .unreadable(let text), .otherFile(let text), .store(let text): text
        case .cancelled: "stopped on request; what was committed stays, continue with --resume"
        }
    }
}
