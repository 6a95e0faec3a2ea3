import Commerce
import Testing

@Suite struct UnitCatalogTests {
    private func find(_ kind: EntityKind, _ name: String) throws -> UnitDefinition {
        try UnitCatalog.definition(kind, try #require(UnitName(name)))
    }

    private func refusal(_ kind: EntityKind, _ name: String) throws -> String {
        let failure = #expect(throws: ValidationFailure.self) { _ = try find(kind, name) }
        return try #require(failure).reason
    }

    @Test func `every entity has a life`() throws {
        for kind in EntityKind.allCases { #expect(try find(kind, "life").policy == .hubAuthoritative) }
    }

    @Test func `a unit is found by its family whatever its qualifier and channel`() throws {
        #expect(try find(.product, "text.zh-Hant-TW").family == "text")
        #expect(try find(.sku, "price.CNY@web").policy == .hubAuthoritative)
        #expect(try find(.product, "extra.shopify").policy == .singleOwner)
    }

    @Test func `a misspelt family is answered with the one that was meant`() throws {
        #expect(try refusal(.product, "tagz").contains("did you mean \"tags\"?"))
        #expect(try refusal(.sku, "pryce.CNY").contains("did you mean \"price\"?"))
        #expect(try refusal(.tag, "warehouse").contains("it has: life, text"))
    }

    @Test func `a name that does not fit its family is refused with the reason`() throws {
        #expect(try refusal(.product, "text").contains("needs a language"))
        #expect(try refusal(.product, "text.ZH_cn").contains("no language tag"))
        #expect(try refusal(.sku, "price").contains("needs a currency"))
        #expect(try refusal(.sku, "price.RMB").contains("no ISO 4217 currency"))
        #expect(try refusal(.product, "extra").contains("needs a source"))
        #expect(try refusal(.product, "tags.zh-CN").contains("takes no qualifier"))
        #expect(try refusal(.product, "tags@web").contains("the same on every channel"))
    }

    @Test func `every policy is the policy of some unit`() {
        let used = Set(UnitCatalog.all.map(\.policy.word))
        let every: Set<String> = [
            "single owner", "hub decides", "last writer", "add-wins set", "highest", "lowest", "disjoint text",
            "most restrictive", "ask a person",
        ]
        #expect(used == every)
    }

    @Test func `languages are taken by shape and in the usual letter case alone`() {
        for tag in ["en", "zh-CN", "zh-Hant-TW", "es-419", "de-1996", "yue", "sl-rozaj"] { #expect(LanguageTag(tag) != nil, "\(tag)") }
        for tag in ["", "e", "EN", "zh_CN", "zh-cn", "zh-", "-zh", "zh-hant", "english", "zh-CN-CN"] {
            #expect(LanguageTag(tag) == nil, "\(tag)")
        }
    }
}
