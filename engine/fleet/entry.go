package fleet

// Seq is the place of an entry in the journal: 1, 2, 3 ... without gaps. What
// has a lower Seq holds before what has a higher one.
type Seq uint64

// EntryKind says what an Entry holds. Stored: append only.
type EntryKind uint8

// The kinds of entry.
const (
	ReportEntry EntryKind = 1
	TickEntry   EntryKind = 2
	ChangeEntry EntryKind = 3
)

// Entry is one record of the journal: a report, a tick of the clock, or the
// mark from which a change set holds.
type Entry struct {
	Kind   EntryKind
	Report Report   // ReportEntry
	Tick   Tick     // TickEntry
	Change ChangeID // ChangeEntry
}

// Tick is one second's beat, written so that a replay sees the same beats.
type Tick struct {
	At      Time
	Resumed bool // the first after a start or a pause of more than 5 s
}

// ChangeID numbers change sets in the order in which they hold, from 1.
type ChangeID uint64
