import ChannelSimulators
import Commerce

/// Keys of simulated platforms, made once in a process: a pair of RSA keys takes longer than a whole seed.
///
/// They are others in each process, and nothing that a run's trace is made of depends on them: signatures of
/// PKCS #1 v1.5 over equal bytes with one key are equal, and serial numbers and merchants' names are the same in all.
enum PlatformKeys {
    static let weChatPay = Result { try WeChatPayKeyMaterial.make(at: surroundings.time.now()) }
    static let alipay = Result { try AlipaySimulator(.keys, surroundings: surroundings, spareKeys: spare) }
    static let alipayCertified = Result { try AlipaySimulator(.certificates, surroundings: surroundings, spareKeys: spare) }

    private static let spare = 2
    /// Certificates begin where every simulated world does.
    private static let surroundings = Surroundings(
        time: SeededExecutor(seed: 0), random: SeededRandom(seed: 0), ids: CountingIDs(prefix: "key"))
}
