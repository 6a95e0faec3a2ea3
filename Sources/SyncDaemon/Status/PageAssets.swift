import Crypto

/// A file of the page, served from the binary under a name that changes with its content,
/// so that a browser may keep it for ever and never runs an old one.
struct PageAsset: Sendable {
    let path: String
    let contentType: String
    let bytes: [UInt8]

    init(stem: String, suffix: String, contentType: String, text: String) {
        bytes = Array(text.utf8)
        let digest = Hexadecimal.text(Array(SHA256.hash(data: bytes).prefix(6)))
        path = "/assets/\(stem).\(digest).\(suffix)"
        self.contentType = contentType
    }
}

enum PageAssets {
    static let all = [style, script]

    static let script = PageAsset(
        stem: "status", suffix: "js", contentType: "text/javascript; charset=utf-8",
        text: #"""
            // Replaces the parts of the report that changed. The server sends the same markup it
            // renders the page from, already escaped; without this module the page refreshes itself.
            const body = document.body
            const report = document.getElementById("report")
            const connection = document.getElementById("connection")
            let source = null

            function show(markup) {
              const parsed = new DOMParser().parseFromString(markup, "text/html")
              const fresh = parsed.body
              const names = (root) => [...root.children].map((part) => part.id || part.className || part.tagName).join()
              if (names(fresh) !== names(report)) {
                report.replaceChildren(...fresh.childNodes)
                return
              }
              const parts = [...report.children]
              for (const [index, part] of [...fresh.children].entries()) {
                if (part.outerHTML !== parts[index].outerHTML) parts[index].replaceWith(part)
              }
              const verdict = document.querySelector("#verdict strong")
              if (verdict) document.title = verdict.textContent + " · " + document.title.split(" · ").pop()
            }

            function open() {
              if (source) return
              source = new EventSource(body.dataset.live)
              source.addEventListener("report", (event) => { connection.hidden = true; show(event.data) })
              source.addEventListener("error", () => {
                connection.textContent = body.dataset.stale
                connection.hidden = false
                // Some refusals end a stream for good; then try again ourselves.
                if (source && source.readyState === EventSource.CLOSED) { close(); setTimeout(open, 5000) }
              })
            }

            function close() {
              if (source) source.close()
              source = null
            }

            // A page nobody looks at costs nothing.
            document.addEventListener("visibilitychange", () => { document.hidden ? close() : open() })
            if (!document.hidden) open()
            """#)
}
