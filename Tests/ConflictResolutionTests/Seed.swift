import Testing

@Test func `the room opens`() { #expect(Bool(true)) }
