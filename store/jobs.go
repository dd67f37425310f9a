package store

import (
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

const (
	jobsBucket = "jobs"
	jobByUser  = "jobs/user"
	jobOpen    = "jobs/open" // 0, ID -> nothing, of those that are not final
)

var jobs = table[fleet.Job]{
	Table: boltfile.NewTable(jobsBucket), record: fleet.JobRecord, indexes: []string{jobByUser, jobOpen},
	key: func(j *fleet.Job) []byte { return be64(uint64(j.ID)) },
	entries: func(j *fleet.Job) []entry {
		out := []entry{listed(jobByUser, uint64(j.User), uint64(j.ID))}
		if !j.State.Final() {
			out = append(out, listed(jobOpen, 0, uint64(j.ID)))
		}
		return out
	},
}

func addJobs(tx *bbolt.Tx) error { return makeBuckets(tx, jobsBucket, jobByUser, jobOpen) }

// PutJob creates (ID 0) or replaces a job. Its beginning and its end stand in
// the audit, its progress does not. NotFound if it was deleted meanwhile.
func (a *Admin) PutJob(j fleet.Job) (fleet.Job, error) {
	now := fleet.At(a.now())
	err := a.db.Update(func(tx *bbolt.Tx) error {
		var old *fleet.Job
		if j.ID == 0 {
			if _, err := users.byID(tx, uint64(j.User)); err != nil {
				return err
			}
			id, err := newID(tx, &jobs, now)
			if err != nil {
				return err
			}
			j.ID, j.Created = fleet.JobID(id), now
		} else {
			var err error
			if old, err = jobs.byID(tx, uint64(j.ID)); err != nil {
				return err
			}
			j.User, j.Created = old.User, old.Created
		}
		if err := jobs.put(tx, old, &j); err != nil {
			return err
		}
		if old != nil && (old.State == j.State || !j.State.Final()) {
			return nil
		}
		return logChange(newAuditor(tx, j.Actor, now), &jobs, uint64(j.ID), old, &j)
	})
	if err != nil {
		return fleet.Job{}, err
	}
	return j, nil
}

// Job is the job with an ID; NotFound if there is none.
func (a *Admin) Job(id fleet.JobID) (fleet.Job, error) { return one(a, &jobs, uint64(id)) }

// Jobs are a user's jobs, oldest first.
func (a *Admin) Jobs(user fleet.UserID) ([]fleet.Job, error) {
	return under(a, &jobs, jobByUser, uint64(user))
}

// OpenJobs are all jobs that are not final, oldest first.
func (a *Admin) OpenJobs() ([]fleet.Job, error) { return under(a, &jobs, jobOpen, 0) }

// AllJobs are everybody's jobs, oldest first.
func (a *Admin) AllJobs() (out []fleet.Job, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		for id := range rowsAfter(jobs.bucket(tx), 0) {
			j, err := jobs.byID(tx, id)
			if err != nil {
				return err
			}
			out = append(out, *j)
		}
		return nil
	})
	return out, err
}

// DeleteJob forgets a job; one that is gone already is fine.
func (a *Admin) DeleteJob(actor fleet.Actor, id fleet.JobID) error {
	return a.db.Update(func(tx *bbolt.Tx) error {
		j, err := jobs.find(tx, be64(uint64(id)))
		if err != nil || j == nil {
			return err
		}
		return removeRow(tx, newAuditor(tx, actor, fleet.At(a.now())), &jobs, uint64(id))
	})
}

// CustomerByCode is the customer of a company with a code, in any case;
// NotFound if there is none.
func (a *Admin) CustomerByCode(company fleet.CompanyID, code string) (fleet.Customer, error) {
	return byName(a, &customers, customerByCode, ref(uint64(company), []byte(fold(code))), "there is no customer with the code %q", code)
}

// PutUsers is PutUser for several, all or none; passwords beside a user are
// hashes for its credential, "" for none. An error names the first user that
// is at fault as Field "users[i]".
func (a *Admin) PutUsers(actor fleet.Actor, all []fleet.User, passwords []string) ([]fleet.User, error) {
	out := make([]fleet.User, len(all))
	now := fleet.At(a.now())
	err := a.db.Update(func(tx *bbolt.Tx) error {
		log := newAuditor(tx, actor, now)
		grown, count := growth{}, tally{}
		for i := range all {
			u := all[i]
			u.Devices = sorted(u.Devices)
			err := u.Validate()
			if err == nil {
				err = putUser(tx, log, &u, grown, count)
			}
			if err == nil && i < len(passwords) && passwords[i] != "" {
				err = putPassword(tx, log, u.ID, passwords[i])
			}
			if err != nil {
				return place("users", i, err)
			}
			out[i] = u
		}
		if err := count.write(tx, now); err != nil {
			return err
		}
		return grown.check(tx)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// putPassword gives a user a password by its hash, and notes that in the audit.
func putPassword(tx *bbolt.Tx, log *auditor, user fleet.UserID, hash string) error {
	old, err := credentials.find(tx, be64(uint64(user)))
	if err != nil {
		return err
	}
	c := fleet.Credential{User: user}
	if old != nil {
		c = *old
	}
	c.Hash, c.Changed, c.Failed, c.Locked = hash, log.now, 0, 0
	if err := credentials.put(tx, old, &c); err != nil {
		return err
	}
	return log.append(AuditRow{Action: "set password", Record: userRecord.String(), Key: be64(uint64(user))})
}
