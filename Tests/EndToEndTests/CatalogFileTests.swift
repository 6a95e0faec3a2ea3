import Commerce
import Foundation
import Testing

extension EndToEnd {
    @Suite struct CatalogFileTests {
        private static let goods = """
            Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Image Src,Image Position,Image Alt Text,Gift Card
            pot,陶壶 Clay Pot,<p>Fired clay</p>,青坯 Qingpi,Outdoor,"Pot, Plants",true,Size,Regular,P-R,350,1,deny,9.99,12,true,true,https://x.example/1.jpg,1,one,false
            pot,,,,,,,,Large,P-L,700,3,deny,15.99,,true,true,https://x.example/2.jpg,2,,
            shirt,Blue Shirt,Cotton,青坯 Qingpi,,men,false,Title,Default Title,SHIRT,0,5,continue,50,,true,true,,,,

            """

        @Test func `a Shopify file comes in once, reaches the shop, and goes out as the same catalog`() async throws {
            try await RunningHeyi.serving(shops: ["web"]) { heyi in
                try heyi.folder.write(Self.goods, to: "goods.csv")
                let first = try await bring(heyi, "goods.csv")
                #expect(first.contains("6 created, 0 changed, 0 unchanged, 0 not taken"), "\(first)")
                let digest = try await heyi.inStep()
                let master = try await heyi.master()
                let head = try await heyi.json("status")["store"]?["feed_head"]

                let again = try await bring(heyi, "goods.csv")
                #expect(again.contains("0 created, 0 changed"), "\(again)")
                let out = try await heyi.heyi("export", "--format", "shopify", "--output", heyi.folder.file("out.csv"))
                #expect(out.code == 0, "\(out.all)")
                let back = try await bring(heyi, "out.csv")
                #expect(back.contains("0 created, 0 changed"), "\(back)")
                #expect(try await heyi.master() == master)
                #expect(try await heyi.json("status")["store"]?["feed_head"] == head, "nothing was written, so nothing is sent")
                #expect(try await heyi.inStep() == digest)
                #expect(try await heyi.heyi("export", "--output", heyi.folder.file("out.csv")).code == 73, "a file was written over")

                try heyi.folder.write(master, to: "master.jsonl")
                try await RunningHeyi.serving { other in
                    let copied = try await other.heyi("import", heyi.folder.file("master.jsonl"))
                    #expect(copied.code == 0, "\(copied.all)")
                    #expect(try await other.master() == master)
                }
            }
        }

        @Test func `rows that are wrong are named by line and column, the others are taken`() async throws {
            try await RunningHeyi.serving { heyi in
                try heyi.folder.write(Self.goods.replacing("15.99", with: "15.999"), to: "goods.csv")
                let path = heyi.folder.file("goods.csv")
                let outcome = try await heyi.heyi("import", path, "--format", "shopify")
                #expect(outcome.code == 65)
                #expect(outcome.all.contains("\(path):3, Variant Price: "), "\(outcome.all)")
                #expect(outcome.text.contains("1 not taken"), "\(outcome.all)")
                let master = try await heyi.master()
                #expect(master.contains("P-R") && master.contains("SHIRT") && !master.contains("P-L"))
            }
        }

        private func bring(_ heyi: RunningHeyi, _ file: String) async throws -> String {
            let outcome = try await heyi.heyi("import", heyi.folder.file(file), "--format", "shopify")
            #expect(outcome.code == 0, "\(outcome.all)")
            return outcome.text
        }
    }
}
