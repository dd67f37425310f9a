package fleet

import "time"

// Until is the end of the stretch that holds t, through intervals that join
// it: t itself if none holds it, Never for nil, and else at most a week later.
func (s *Schedule) Until(t Time, where *time.Location) Time {
	if s == nil {
		return Never
	}
	end := t
	for end < t+7*Day {
		next, ok := s.end(end, where)
		if !ok {
			return end
		}
		end = next
	}
	return t + 7*Day
}

// end is the latest end of an interval that holds t.
func (s *Schedule) end(t Time, where *time.Location) (end Time, ok bool) {
	local := t.Std().In(where)
	day, minute := DaysOf(local.Weekday()), MinuteOfDay(local.Hour()*60+local.Minute())
	before := DaysOf((local.Weekday() + 6) % 7)
	for i := range s.Weekly {
		iv := &s.Weekly[i]
		over := iv.To <= iv.From // ends the day after
		if iv.Days&day != 0 && minute >= iv.From && (over || minute < iv.To) {
			days := 0
			if over {
				days = 1
			}
			end, ok = max(end, shows(local, days, iv.To)), true
		}
		if over && iv.Days&before != 0 && minute < iv.To {
			end, ok = max(end, shows(local, 0, iv.To)), true
		}
	}
	return end, ok
}

// shows is when the clock shows a minute some days after a moment; always
// after that. Where the clock is put back and shows it twice, it is the first
// that follows.
func shows(at time.Time, days int, m MinuteOfDay) Time {
	t := time.Date(at.Year(), at.Month(), at.Day()+days, 0, int(m), 0, 0, at.Location())
	passed := time.Duration(days*24*60+int(m)-at.Hour()*60-at.Minute()) * time.Minute
	if by := at.Truncate(time.Minute).Add(passed); by.After(at) &&
		(by.Before(t) && MinuteOfDay(by.Hour()*60+by.Minute()) == m || !t.After(at)) {
		t = by
	}
	return max(At(t), At(at)+1)
}
