import Commerce
import Testing

@Suite struct HoldLifecycleTests {
    private func answer(_ event: HoldLifecycle.Event, _ state: HoldState, inDoubt: Bool = false, isDue: Bool = false) -> HoldLifecycle.Answer {
        HoldLifecycle.answer(event, in: state, inDoubt: inDoubt, isDue: isDue)
    }

    @Test func `while a payment is in doubt a hold neither expires nor is given back`() {
        #expect(answer(.expire, .open, inDoubt: true) == .refused(.open))
        #expect(answer(.release, .open, inDoubt: true) == .refused(.open))
        #expect(answer(.claim, .open, inDoubt: true) == .becomes(.claimed))
    }

    @Test func `a hold is over at its instant, whoever notices`() {
        for event in [HoldLifecycle.Event.claim, .extend, .doubt] {
            #expect(answer(event, .open, isDue: true) == .becomes(.expired))
        }
        #expect(answer(.expire, .open) == .refused(.open))
    }

    @Test func `nothing that has ended comes back`() {
        for state in HoldState.allCases where state != .open {
            for event in HoldLifecycle.Event.allCases {
                if case .becomes = answer(event, state) { Issue.record("\(state) comes back by \(event)") }
            }
        }
    }

    @Test func `asking again changes nothing`() {
        #expect(answer(.claim, .claimed) == .already)
        #expect(answer(.release, .released) == .already)
        #expect(answer(.release, .expired) == .already)
        #expect(answer(.release, .claimed) == .refused(.claimed))
        #expect(answer(.claim, .released) == .refused(.released))
    }
}
