package mqttsub

import (
	"testing"
	"testing/synctest"
)

// TestRoom: what waits never takes more bytes than allowed, but for one
// publication that is longer by itself, and everybody gets a turn.
func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, quit := newRoom(100), make(chan struct{})
		if !r.take(500, quit) || r.try(1) {
			t.Fatal("one giant has room alone, and alone only")
		}
		done := make(chan bool, 4)
		for range 4 {
			go func() { done <- r.take(50, quit) }()
		}
		synctest.Wait()
		if len(done) != 0 {
			t.Fatal("there was no room")
		}
		r.give(500)
		synctest.Wait()
		if len(done) != 2 || r.held != 100 {
			t.Fatalf("%d of 50 bytes each went in, %d bytes held", len(done), r.held)
		}
		r.give(50)
		synctest.Wait()
		if len(done) != 3 {
			t.Fatalf("%d went in, want 3", len(done))
		}
		close(quit)
		synctest.Wait()
		for range 3 {
			if !<-done {
				t.Error("one that had room was refused")
			}
		}
		if <-done {
			t.Error("one without room went in at the end")
		}
	})
}
