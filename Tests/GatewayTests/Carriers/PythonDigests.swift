/// The digests of all four wires computed by `hashlib` and `urllib`, and once more by the `openssl` command.
///
/// Prints nothing unless both agree.
enum PythonDigests {
    private static let script = """
        import base64, hashlib, subprocess, sys, urllib.parse
        which, text, tail = sys.argv[1], sys.argv[2], sys.argv[3]
        def both(name, data):
            ours = getattr(hashlib, name)(data).digest()
            theirs = subprocess.run(["openssl", "dgst", "-" + name, "-binary"], input=data, capture_output=True, check=True).stdout
            assert ours == theirs, name
            return ours
        def java(text):
            # Whatever quote_plus leaves alone and Java does not, and the other way round.
            return urllib.parse.quote_plus(text, safe="*").replace("~", "%7E")
        def javascript(text):
            return urllib.parse.quote(text, safe="!'()*")
        whole = (text + tail).encode()
        if which == "kuaidi100": out = both("md5", whole).hex().upper()
        elif which == "kdniao": out = base64.b64encode(both("md5", whole).hex().encode()).decode()
        elif which == "17track": out = both("sha256", text.encode() + b"/" + tail.encode()).hex()
        elif which == "sf-java": out = base64.b64encode(both("md5", java(text + tail).encode())).decode()
        elif which == "sf-python": out = base64.b64encode(both("md5", urllib.parse.quote_plus(text + tail).encode())).decode()
        elif which == "sf-javascript": out = base64.b64encode(both("md5", javascript(text + tail).encode())).decode()
        else: raise SystemExit("unknown digest " + which)
        sys.stdout.write(out)
        """

    static func compute(_ which: String, _ text: String, _ tail: String) throws -> String {
        try PythonPeer.run(script, [which, text, tail])
    }
}
