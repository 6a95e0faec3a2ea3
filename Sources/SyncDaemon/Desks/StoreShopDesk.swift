import Commerce
import Store

/// Serves those who shop from the store.
struct StoreShopDesk: ShopDesk {
    let store: Store
    /// The language and the currency where none is asked for.
    var usual = (locale: "zh-CN", currency: "CNY")
}
