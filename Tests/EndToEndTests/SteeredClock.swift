import Foundation

/// The wall clock of a program under test, which a test sets while the program runs.
///
/// A small library, preloaded, adds an offset out of a file to what the C library says; the
/// clock that only goes forward stays as it is, as it does when an operator sets the time.
struct SteeredClock {
    private static let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/opt/swift/usr/bin/clang"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static var isPossible: Bool { compiler != nil }

    private let file: String
    let environment: [String: String]

    init(in folder: TemporaryFolder) async throws {
        file = folder.file("clock")
        try folder.write(SteeredClock.source, to: "clock.c")
        let library = folder.file("clock.so")
        let compiled = try await Binary.run(
            path: SteeredClock.compiler ?? "cc", ["-shared", "-fPIC", "-O1", "-o", library, folder.file("clock.c")])
        guard compiled.code == 0 else { throw Overdue(description: "the clock cannot be compiled: \(compiled.all)") }
        environment = ["LD_PRELOAD": library, "STEERED_CLOCK": file]
        try Data(count: 8).write(to: URL(fileURLWithPath: file))
    }

    /// Lets the program's clock show `seconds` more than the host's.
    func set(ahead seconds: Int64) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        defer { try? handle.close() }
        // In one write and into the same file: the program has it mapped.
        try handle.write(contentsOf: withUnsafeBytes(of: seconds) { Data($0) })
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>
        static volatile int64_t *ahead;
        __attribute__((constructor)) static void begin(void) {
            const char *path = getenv("STEERED_CLOCK");
            int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (file < 0) return;
            void *map = mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
            if (map != MAP_FAILED) ahead = map;
            close(file);
        }
        int clock_gettime(clockid_t id, struct timespec *time) {
            int result = syscall(SYS_clock_gettime, id, time);
            if (!result && ahead && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) time->tv_sec += *ahead;
            return result;
        }
        int gettimeofday(struct timeval *time, void *zone) {
            struct timespec now;
            if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
            time->tv_sec = now.tv_sec; time->tv_usec = now.tv_nsec / 1000;
            return 0;
        }
        time_t time(time_t *out) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (out) *out = now.tv_sec;
            return now.tv_sec;
        }
        """
}
