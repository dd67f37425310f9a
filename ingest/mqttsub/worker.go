package mqttsub

import (
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/vigia-track/vigia/ingest"
)

// enqueue is paho's callback. It waits for room, but for QoS 0.
func (s *Subscriber) enqueue(_ mqtt.Client, m mqtt.Message) {
	s.change(func(st *State) { st.Received++ })
	if m.Qos() == 0 {
		if !s.room.try(size(m)) {
			s.o.Intake.Refused(ingest.ReasonQueueFull, 1)
			return
		}
		select {
		case s.queue <- m:
		default:
			s.room.give(size(m))
			s.o.Intake.Refused(ingest.ReasonQueueFull, 1)
		}
		return
	}
	if !s.room.take(size(m), s.quit) {
		return
	}
	select {
	case s.queue <- m:
	case <-s.quit:
	}
}

// size is what a publication takes in memory, near enough.
func size(m mqtt.Message) int { return len(m.Topic()) + len(m.Payload()) + 128 }

// work stores and acks until Close.
func (s *Subscriber) work() {
	defer close(s.worked)
	batch := make([]mqtt.Message, 0, s.o.Batch)
	for {
		batch = batch[:0]
		select {
		case <-s.quit:
			return
		case m := <-s.queue:
			batch = append(batch, m)
		}
	fill:
		for len(batch) < s.o.Batch {
			select {
			case m := <-s.queue:
				batch = append(batch, m)
			default:
				break fill
			}
		}
		if !s.store(batch) {
			return
		}
		bytes := 0
		for _, m := range batch {
			m.Ack()
			bytes += size(m)
		}
		clear(batch)
		s.room.give(bytes)
		s.change(func(st *State) { st.Stored += uint64(len(batch)) })
	}
}

// Pauses between attempts to store.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 5 * time.Second
)

// store tries until the batch is done with; false if Close came first.
func (s *Subscriber) store(batch []mqtt.Message) bool {
	messages := make([]ingest.Message, len(batch))
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		for i, m := range batch {
			messages[i] = ingest.Message{Topic: m.Topic(), Payload: m.Payload(), Via: s.via}
		}
		err := s.o.Intake.Take(s.ctx, messages...)
		if err == nil {
			s.change(func(st *State) {
				if st.Connected && st.Subscribed {
					st.Error, st.Cause = "", nil
				}
			})
			return true
		}
		s.change(func(st *State) { st.Error, st.Cause = err.Error(), err })
		s.log.Warn("publications not stored, trying again", "count", len(batch), "err", err)
		select {
		case <-s.quit:
			return false
		case <-time.After(pause):
		}
	}
}
