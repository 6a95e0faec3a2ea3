/// One transaction of the writer, from its begin to after its fsync.
package struct GroupCommit: Sendable {
    package let writes: Int
    package let nanoseconds: UInt64
}

/// What the writer did since the store was opened.
package struct WriterFigures: Sendable {
    package var commits = 0
    package var writes = 0
    package var checkpoints = 0
    package var failures = 0
    package var commitNanoseconds: UInt64 = 0
    package var slowestNanoseconds: UInt64 = 0
}
