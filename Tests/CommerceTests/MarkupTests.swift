import Commerce
import Simulation
import TestKit
import Testing

@Suite struct MarkupTests {
    @Test(arguments: [
        ("<p>茶<br>壶</p>", "<p>茶<br>壶</p>"),
        ("<P CLASS=x>a</P>", "<p>a</p>"),
        ("a<script>alert('<p>')</script>b", "ab"),
        ("a<SCRIPT src=x>1</script >b", "ab"),
        ("<style>p{}</style><iframe src=x>y</iframe>z", "z"),
        ("<svg><script>1</script></svg>ok", "ok"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<img src='https://a/b.jpg' onerror=alert(1) alt=\"壶\">", "<img src=\"https://a/b.jpg\" alt=\"壶\">"),
        ("<img src=//cdn.shop/b.jpg />", "<img src=\"https://cdn.shop/b.jpg\">"),
        ("<a href=\"javascript:alert(1)\">x</a>", "<a>x</a>"),
        ("<a href=\" java&#115;cript:alert(1)\">x</a>", "<a>x</a>"),
        ("<a href='https://a/?b=1&c=2' target=_blank>x</a>", "<a href=\"https://a/?b=1&amp;c=2\">x</a>"),
        ("<a href=\"https://a/\" title='\"><script>'>x</a>", "<a href=\"https://a/\" title=\"&quot;&gt;&lt;script&gt;\">x</a>"),
        ("<b><i>x</b></i>", "<b><i>x</i></b>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("</div></table>x", "x"),
        ("<div>open", "<div>open</div>"),
        ("<font color=red>x</font><form><input></form>", "x"),
        ("3 < 5 & 7 > 2", "3 &lt; 5 &amp; 7 > 2"),
        ("&lt;script&gt; &nbsp;&#20013; &bogus", "&lt;script&gt; &nbsp;&#20013; &amp;bogus"),
        ("<!-- <p> -->a<!DOCTYPE html>b<?php x ?>c", "abc"),
        ("<scr<script>x</script>ipt>alert(1)</script>", "xipt>alert(1)"),
        ("<<script>x</script>p>", "&lt;p>"),
        ("尺寸 <5 与 <b", "尺寸 &lt;5 与 &lt;b"),
        ("<table><tr><td colspan=2 onclick=x>a<td>b</table>", "<table><tr><td colspan=\"2\">a</td><td>b</td></tr></table>"),
    ])
    func `only what is allowed is left`(html: String, expected: String) {
        #expect(Markup.sanitised(html) == expected)
        #expect(Markup.sanitised(expected) == expected)
    }

    private static let pieces = [
        "<", ">", "<p", "</p>", "<b>", "</b>", "<script>", "</script", "<img src=", "\"", "'", "https://a/b", " ", "=",
        "&", "&amp;", "lt;", ";", "&#60", "#x3c;", "<!--", "-->", "茶", "\n", "/", "<a href=\"", "javascript:", "<li>",
        "<svg>", "on=1", "é", "<td>", "<!", "?", "nbsp;",
    ]

    private func soup(_ seed: UInt64) -> String {
        var random = SeededRandom(seed: seed)
        return (0..<Int.random(in: 1...30, using: &random)).reduce(into: "") { text, _ in
            text += MarkupTests.pieces.randomElement(using: &random) ?? ""
        }
    }

    /// Every `<` begins a tag of the pieces that is allowed, and every address in one is the web's.
    private func isHarmless(_ html: String) -> Bool {
        let names: Set<Substring> = ["p", "b", "li", "td", "a", "img"]
        return html.split(separator: "<", omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
            let tag = part.prefix { $0 != ">" }
            let attributes = tag.split(separator: " ").dropFirst()
            return tag != part && names.contains(tag.drop { $0 == "/" }.prefix { $0.isLetter })
                && attributes.allSatisfy { $0.hasPrefix("href=\"https://") || $0.hasPrefix("src=\"https://") }
        }
    }

    @Test func `sanitising twice is sanitising once, whatever the soup`() {
        for seed in 1...20_000 as ClosedRange<UInt64> {
            let once = Markup.sanitised(soup(seed))
            #expect(Markup.sanitised(once) == once, "seed \(seed): \(soup(seed))")
            #expect(isHarmless(once), "seed \(seed): \(once)")
        }
    }

    @Test func `taking the text twice is taking it once, whatever the soup`() {
        for seed in 1...20_000 as ClosedRange<UInt64> {
            let once = Markup.text(of: soup(seed))
            #expect(Markup.text(of: once) == once, "seed \(seed): \(soup(seed))")
        }
    }

    @Test(arguments: [
        ("<p>茶 &amp; 壶</p><p>a</p>", "茶 & 壶 a"), ("3 &lt; 5", "3 < 5"), ("&amp;amp;lt;", "<"),
        ("&lt;b&gt;x&lt;/b&gt;", "x"), ("a&nbsp;&nbsp;b", "a b"), ("&#20013;&#x6587;", "中文"), ("a < b", "a < b"),
        ("&#1;x&#xD800;", "&#1;x&#xD800;"), ("tail <b", "tail <b"),
    ])
    func `text is what a reader would see`(html: String, expected: String) { #expect(Markup.text(of: html) == expected) }

    @Test(arguments: [
        "<", "<a ", "<a href=\"", "<!--", "<svg>", "<script>", "&", "&amp;", "</", "<b>", "</b>", "<li>", "<b x='", "<!", "&#",
    ])
    func `a megabyte of one trick is walked once`(trick: String) {
        // Quadratic time would take hours here and be noticed without a clock.
        let html = String(repeating: trick, count: 1_000_000 / trick.utf8.count)
        #expect(Markup.sanitised(html).utf8.count >= 0)
        #expect(Markup.text(of: html).utf8.count >= 0)
    }
}
