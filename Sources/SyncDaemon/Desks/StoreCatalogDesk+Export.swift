import ChannelAdapters
import Commerce
import Mall
import Store
import SyncEngine

extension StoreCatalogDesk {
    func check(_ order: ExportOrder) async throws(DeskError) {
        _ = try options(order.words, source: order.format.rawValue)
        _ = try await source(order.channel)
        do throws(InterchangeError) { try Exporter.check(order.format.interchange) } catch { throw DeskError(error) }
    }

    func exportCatalog(_ order: ExportOrder, write: ([UInt8]) async throws -> Void) async throws {
        var exporter = Exporter(
            from: try await source(order.channel), options: try options(order.words, source: order.format.rawValue))
        var failure: (any Error)?
        do throws(InterchangeError) {
            _ = try await exporter.run(order.format.interchange) { bytes throws(InterchangeError) in
                do { try await write(bytes) } catch {
                    failure = error
                    throw InterchangeError.cancelled
                }
            }
        } catch {
            throw failure ?? DeskError(error)
        }
    }

    /// The whole catalog, or what one channel makes of it.
    private func source(_ channel: ChannelID?) async throws(DeskError) -> any CatalogSource {
        let whole = StoreCatalog(store, author: "export")
        guard let channel else { return whole }
        let record = try await store.consult { reading throws(StoreError) in try reading.requireChannel(channel) }
        let known = await engine.worker(channel)?.knownCapabilities
        let settings = ChannelSettings(json: record.settings)
        let rules = (known?.projection.rules ?? []) + settings.projection.rules
        return Mall.ChannelView(of: whole, channel: channel, projection: Projection(rules: rules)) { unit in
            settings.wants(unit, channel: channel, offered: known?.families)
        }
    }
}
