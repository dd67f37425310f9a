package auth_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

const now = fleet.Time(1_770_000_000_000)

func TestThrottleLetsHonestErrorsPassAndForgives(t *testing.T) {
	var th auth.Throttle
	a, neighbour := netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::ffff")
	other := netip.MustParseAddr("2001:db8:1::1")
	n := 0
	for ; th.Wait(a, now) == 0 && n < 1000; n++ {
		th.Fail(a, now)
	}
	if n < 10 || n > 50 {
		t.Errorf("%d failures were free, want a few tens", n)
	}
	if th.Wait(neighbour, now) == 0 {
		t.Error("another address of the same /64 need not wait")
	}
	if th.Wait(other, now) != 0 {
		t.Error("an address of another network has to wait")
	}
	if w := th.Wait(a, now+5*fleet.Minute); w != 0 {
		t.Errorf("after five minutes there are still %d ms to wait", w)
	}
}

func TestThrottleStaysBounded(t *testing.T) {
	var th auth.Throttle
	for i := range 100_000 {
		th.Fail(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), now)
	}
	if n := th.Len(); n > 10_000 {
		t.Errorf("%d addresses kept", n)
	}
}

func TestTicketsWorkOnceAndNotForLong(t *testing.T) {
	var ts auth.Tickets
	who := auth.Principal{User: fleet.User{ID: 7}}
	secret, expires, err := ts.Issue(who, now)
	if err != nil || expires != now+auth.TicketLife {
		t.Fatalf("issue: %v, expires %v", err, expires)
	}
	if _, ok := ts.Redeem(secret+"x", now); ok {
		t.Error("another secret was taken")
	}
	if got, ok := ts.Redeem(secret, now); !ok || got.User.ID != 7 {
		t.Errorf("redeem: %v, %v", got, ok)
	}
	if _, ok := ts.Redeem(secret, now); ok {
		t.Error("a ticket worked twice")
	}
	secret, _, _ = ts.Issue(who, now)
	if _, ok := ts.Redeem(secret, now+auth.TicketLife); ok {
		t.Error("an expired ticket worked")
	}
	for err == nil {
		_, _, err = ts.Issue(who, now)
	}
	if fleet.KindOf(err) != fleet.TooMany {
		t.Errorf("with too many open: %v", err)
	}
	if _, _, err := ts.Issue(who, now+auth.TicketLife); err != nil {
		t.Errorf("after they expired: %v", err)
	}
}

type links map[string]fleet.SetupLink

func (l links) PutSetupLink(k fleet.SetupLink) error { l[string(k.Hash)] = k; return nil }

func (l links) UseSetupLink([]byte, fleet.Time) (fleet.SetupLink, error) {
	return fleet.SetupLink{}, nil
}

func TestLinksKeepOnlyHashesAndSayWhatTheyAreFor(t *testing.T) {
	l := links{}
	setup, err := auth.NewSetupLink(l, now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	login, err := auth.NewLoginLink(l, 9, now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if !auth.IsSetup(setup) || auth.IsLogin(setup) || !auth.IsLogin(login) || auth.IsSetup(login) {
		t.Errorf("%q and %q do not say what they are for", setup, login)
	}
	if len(setup) < 43 {
		t.Errorf("%q is too short for 256 bits", setup)
	}
	k := l[string(auth.Hash(login))]
	if k.User != 9 || k.Expires != now+fleet.Minute {
		t.Errorf("stored %+v", k)
	}
	if _, plain := l[login]; plain {
		t.Error("the secret itself is stored")
	}
}

// writes is all that the lesser roles change beside what is their own.
var writes = map[fleet.Role][]auth.Object{
	fleet.CustomerUser: {auth.Ticket, auth.Answer, auth.Command},
	fleet.Operator: {
		auth.Comment, auth.Ticket, auth.Answer, auth.Alarm, auth.Acknowledgement, auth.Command,
		auth.ShareLink, auth.AlarmMode, auth.DeviceNote,
	},
}

func TestTheTableIsSane(t *testing.T) {
	table := auth.Permissions()
	seen := map[auth.Row]bool{}
	for _, r := range table {
		key := r
		key.Reach = auth.Nothing
		if seen[key] {
			t.Errorf("two rows for %+v", key)
		}
		seen[key] = true
		if r.Reach == auth.Nothing {
			t.Errorf("%+v allows nothing", r)
		}
		if may, bound := writes[r.Role]; bound && r.Reach != auth.Own && r.Action != auth.Read && !slices.Contains(may, r.Object) {
			t.Errorf("%s may %s a %s: if that is meant, say so in writes", r.Role, r.Action, r.Object)
		}
	}
	if table.Reach(fleet.PlatformAdmin, auth.Position, auth.Read) != auth.Nothing {
		t.Error("the platform's admin sees customers' positions")
	}
	if auth.MayGrant(fleet.CustomerAdmin, fleet.Operator) || auth.MayGrant(fleet.CompanyAdmin, fleet.PlatformAdmin) || auth.MayGrant(fleet.Operator, fleet.CustomerUser) {
		t.Error("a role may give away more than its own")
	}
}
