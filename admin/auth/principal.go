package auth

import (
	"context"
	"net/netip"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Principal is a caller that has shown who it is.
type Principal struct {
	User    fleet.User
	Token   fleet.Token
	Modules fleet.ModuleSet // that the user may use
	Cookie  bool            // by a browser's cookie, not by a bearer token

	// Away is how a tied operator works for another company than its own, which
	// User.Company then names; "" = at home. See [Visit].
	Away fleet.AssociationMode

	// Within is the platform's administrator at work in one company, which
	// User.Company then names. See [Visit].
	Within bool

	// Share is the link that a guest opened, as it stands now; nil for people
	// and programs. A guest's User has no ID: it has the role Guest, the link's
	// owner and devices.
	Share *fleet.ShareLink
}

// Key tells callers apart: people by who they are, guests by what they showed.
func (p *Principal) Key() string {
	if p.Share != nil {
		return "guest " + string(p.Token.Hash)
	}
	if p.Away != "" || p.Within { // what it asked at home is another request
		return p.User.ID.String() + " at " + p.User.Company.String()
	}
	return p.User.ID.String()
}

// Accounts knows users and tokens.
type Accounts interface {
	Account(id fleet.UserID) (fleet.Account, error)
	TokenByHash(hash []byte) (fleet.Token, error)
	// Guest is what a share link's guests are now; an error of kind Gone once
	// the link has ended.
	Guest(link fleet.RecordID, now fleet.Time) (Principal, error)
	// Tie is how a user is tied to another company, and what that one offers;
	// NotFound if it is not.
	Tie(user fleet.UserID, company fleet.CompanyID) (fleet.AssociationMode, fleet.ModuleSet, error)
	// Exists is NotFound for a company that there is not.
	Exists(company fleet.CompanyID) error
}

// Identify finds whose secret this is. Whatever is wrong with the secret, the
// error of kind Unauthorised is the same; only who showed a right one learns why
// it is barred.
func Identify(accounts Accounts, secret string, now fleet.Time) (Principal, error) {
	return identify(accounts, Hash(secret), now)
}

// Again identifies a caller anew, as of now: its token may have been revoked
// and its user changed or disabled.
func Again(accounts Accounts, who Principal, now fleet.Time) (Principal, error) {
	if who.Share != nil {
		fresh, err := accounts.Guest(who.Share.ID, now)
		fresh.Token = who.Token
		return fresh, err
	}
	fresh, err := identify(accounts, who.Token.Hash, now)
	fresh.Cookie = who.Cookie
	if err == nil && (who.Away != "" || who.Within) {
		fresh, err = Visit(accounts, fresh, who.User.Company)
	}
	return fresh, err
}

func identify(accounts Accounts, hash []byte, now fleet.Time) (Principal, error) {
	t, err := accounts.TokenByHash(hash)
	if err != nil {
		return Principal{}, refused(err)
	}
	if t.Revoked != 0 || t.Expires != 0 && t.Expires <= now {
		return Principal{}, refused(nil)
	}
	acc, err := accounts.Account(t.User)
	if err != nil {
		return Principal{}, refused(err)
	}
	if err := Barred(&acc, t.App, now); err != nil {
		return Principal{}, &fleet.Error{Kind: fleet.Unauthorised, Message: err.Error(), Err: err}
	}
	if t.Device != 0 { // a QR code opened it
		acc.User.Role, acc.User.Devices = fleet.CustomerUser, []fleet.DeviceID{t.Device}
	}
	return Principal{User: acc.User, Token: t, Modules: acc.Modules()}, nil
}

// refused hides why, but lets a failure of ours through.
func refused(err error) error {
	switch fleet.KindOf(err) {
	case fleet.NotFound, fleet.Unauthorised:
	default:
		if err != nil {
			return err
		}
	}
	return &fleet.Error{Kind: fleet.Unauthorised, Message: "the token is not valid, or no longer; sign in again", Err: err}
}

// Caller is all that is known of who sent a request: from where, how, and, if
// it showed a valid secret, in whose name.
type Caller struct {
	Addr    netip.Addr // behind a configured proxy: the address that the proxy names
	Secure  bool       // nobody on the way can read along
	Why     string     // why it is not Secure
	HTTPS   bool       // the browser speaks HTTPS, to us or to the proxy
	Request string     // the request's ID, for the log
	Agent   string     // what the program calls itself, at most 200 bytes
	Who     *Principal // nil: did not sign in
	Err     error      // why a secret was refused
}

type callerKey struct{}

// WithCaller hands a caller down to the handlers.
func WithCaller(ctx context.Context, c *Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf is the caller of a request; never nil.
func CallerOf(ctx context.Context) *Caller {
	if c, ok := ctx.Value(callerKey{}).(*Caller); ok {
		return c
	}
	return &Caller{}
}
