package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// controlName is the socket in the data directory over which the commands
// backup, explain and setup-link ask the running server. Whoever may open it
// may read the data anyhow.
const controlName = "control.sock"

// control answers on the socket until ctx ends.
func (n *node) control(ctx context.Context) error {
	path := n.path(controlName)
	_ = os.Remove(path) // we hold the directory's lock, so nobody listens there
	l, err := listenControl(n.config.Data)
	if err != nil {
		return fmt.Errorf("control socket: %w", err)
	}
	defer func() { _ = os.Remove(path) }()
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(fmt.Errorf("control socket: %w", err), l.Close())
	}
	mux := http.NewServeMux()
	answer := func(pattern string, f func(r *http.Request) (string, error)) {
		mux.HandleFunc("POST "+pattern, func(w http.ResponseWriter, r *http.Request) {
			text, err := f(r)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			_, _ = io.WriteString(w, text)
		})
	}
	answer("/ping", func(*http.Request) (string, error) { return "ready", nil })
	answer("/health", func(*http.Request) (string, error) {
		b, err := json.Marshal(n.health())
		return string(b), err
	})
	answer("/backup", func(r *http.Request) (string, error) {
		dir := r.URL.Query().Get("dir")
		return "backed up to " + dir, n.backup(r.Context(), dir)
	})
	answer("/setup-link", func(r *http.Request) (string, error) {
		q := r.URL.Query()
		if q.Get("platform") != "" {
			return n.platformLink(q.Get("email"), q.Get("name"), time.Hour)
		}
		return n.link(q.Get("email"), time.Hour)
	})
	answer("/explain", func(r *http.Request) (string, error) { return n.explain(r.Context(), r.URL.Query()) })
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// viaDir calls do with a short name of the control socket: a socket's path has
// room for about a hundred bytes, a data directory's for more (unix(7)).
func viaDir(data string, do func(path string) error) error {
	dir, err := os.Open(data)
	if err != nil {
		return err
	}
	return errors.Join(do(fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), controlName)), dir.Close())
}

func listenControl(data string) (l *net.UnixListener, err error) {
	err = viaDir(data, func(path string) error {
		l, err = net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		return err
	})
	if l != nil {
		l.SetUnlinkOnClose(false) // the short name ends with this call
	}
	return l, err
}

// errNoServer says that nobody runs on a data directory.
var errNoServer = errors.New("no server runs on this data directory")

// askServer sends a request to the server that runs on a data directory.
func askServer(data, path string, query url.Values) (string, error) {
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (conn net.Conn, err error) {
		err = viaDir(data, func(path string) error {
			conn, err = new(net.Dialer).DialContext(ctx, "unix", path)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("%w (%w)", errNoServer, err)
		}
		return conn, nil
	}}}
	resp, err := client.Post("http://control"+path+"?"+query.Encode(), "", nil)
	if errors.Is(err, errNoServer) {
		return "", errNoServer
	}
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	if err != nil {
		return "", err
	}
	if resp.StatusCode != http.StatusOK {
		return "", errors.New(strings.TrimSpace(string(body)))
	}
	return string(body), nil
}

// link makes a one-time address. On an installation that nobody set up it
// leads to the set-up page, otherwise it signs the user with that e-mail in.
func (n *node) link(email string, valid time.Duration) (string, error) {
	now := n.now()
	empty, err := n.admin.Empty()
	if err != nil {
		return "", err
	}
	if empty {
		secret, err := auth.NewSetupLink(n.admin, now, valid)
		return n.url() + "/setup?token=" + secret, err
	}
	user, err := linkUser(n.admin, email)
	if err != nil {
		return "", err
	}
	secret, err := auth.NewLoginLink(n.admin, user, now, valid)
	return n.url() + "/login?token=" + secret, err
}

// linkUser is the user with an e-mail, or without one the first administrator
// of a company.
func linkUser(a *store.Admin, email string) (fleet.UserID, error) {
	q := fleet.Query{Scope: fleet.Scope{Installation: true}, Limit: 1000, Search: email}
	for {
		page, err := a.Users(q)
		if err != nil {
			return 0, err
		}
		for _, u := range page.Items {
			match := strings.EqualFold(u.Email, email)
			if email == "" {
				match = u.Role == fleet.CompanyAdmin || u.Role == fleet.PlatformAdmin
			}
			if match && !u.Disabled {
				return u.ID, nil
			}
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if email == "" {
		return 0, fleet.Errorf(fleet.NotFound, "there is no administrator that could sign in; name a user with --email")
	}
	return 0, fleet.Errorf(fleet.NotFound, "there is no active user with the e-mail %s", email)
}
