package store

import (
	"bytes"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// CheckAdmin examines an admin.db that no process uses.
func CheckAdmin(path string) []Problem {
	return checkFile(path, adminFormat, func(tx *bbolt.Tx, f *finder) {
		names := append(plainBuckets(), changesBucket, versionsBucket, gravesBucket, auditBucket, settingsBucket, usageBucket, closedBucket, auditByRecord, answersBucket, answersAtBucket, erasuresBucket)
		for _, t := range adminTables() {
			names = append(append(names, t.Name()), t.names()...)
		}
		known(tx, f, names...)
		if len(f.problems) > 0 {
			return // what follows needs the tables
		}
		checkCounters(tx, f, prunedKey, answersCountKey, answersBytesKey)
		checkAnswers(tx, f)
		for _, t := range adminTables() {
			t.check(tx, f)
		}
		checkPlainRecords(tx, f)
		checkChanges(tx, f)
		checkVersions(tx, f)
		checkReferences(tx, f)
		checkAudit(tx, f)
		checkUsage(tx, f)
		eachValue(f, tx.Bucket([]byte(gravesBucket)), gravesTable, func([]byte, *grave[struct{}]) {})
		eachValue(f, tx.Bucket([]byte(erasuresBucket)), erasuresTable, func([]byte, *erasure) {})
		c := tx.Bucket([]byte(settingsBucket)).Cursor()
		for k, raw := c.First(); k != nil; k, raw = c.Next() {
			if _, _, err := settingsTable.Unseal(k, raw); err != nil {
				f.add(at(settingsBucket, k), "%v", err)
			}
		}
	})
}

// checkChanges wants change sets without gaps, in the order of their times.
func checkChanges(tx *bbolt.Tx, f *finder) {
	var last fleet.ChangeSet
	eachValue(f, tx.Bucket([]byte(changesBucket)), changesTable, func(k []byte, set *fleet.ChangeSet) {
		if string(k) != string(be64(uint64(set.ID))) || last.ID != 0 && set.ID != last.ID+1 {
			f.add(at(changesBucket, k), "change %d follows %d", set.ID, last.ID)
		}
		if set.At < last.At {
			f.add(at(changesBucket, k), "change %d is of %s, the one before of %s", set.ID, set.At, last.At)
		}
		last = *set
	})
}

// checkVersions wants the last version of each record to be the record.
func checkVersions(tx *bbolt.Tx, f *finder) {
	rows := map[record]anyTable{
		companyRecord: &companies, customerRecord: &customers, deviceRecord: &devices,
		fenceRecord: &fences, notificationRecord: &notices, ruleRecord: &rules,
	}
	standingRows := map[record]int{}
	var key, body []byte // the last version of the record in hand
	var schema byte
	last := func() {
		if key == nil {
			return
		}
		t := rows[record(key[0])]
		if t == nil {
			f.add(at(versionsBucket, key), "no such kind of record")
			return
		}
		var row []byte
		if raw := tx.Bucket([]byte(t.Name())).Get(key[1:9]); len(raw) > sealed {
			row = raw[sealed:]
		}
		if schema == standing {
			standingRows[record(key[0])]++
		}
		if (schema == standing) != (row != nil) || !bytes.Equal(row, body) {
			f.add(at(versionsBucket, key), "the last version is not the %s", record(key[0]))
		}
	}
	c := tx.Bucket([]byte(versionsBucket)).Cursor()
	for k, raw := c.First(); k != nil; k, raw = c.Next() {
		s, b, err := versionsTable.Unseal(k, raw)
		if err != nil || len(k) != versionKeySize {
			f.add(at(versionsBucket, k), "key or value is damaged: %v", err)
			continue
		}
		if key != nil && string(key[:9]) != string(k[:9]) {
			last()
		}
		key, schema, body = k, s, b
	}
	last()
	for r, t := range rows {
		if n := countRows(tx, t.Name()); n != standingRows[r] {
			f.add(t.Name(), "%d rows, %d of them with a version", n, standingRows[r])
		}
	}
}

// sealed is how many bytes stand before a value's body.
const sealed = 5

func countRows(tx *bbolt.Tx, name string) (n int) {
	c := tx.Bucket([]byte(name)).Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		n++
	}
	return n
}

// checkReferences wants every record to name only what is there and may be named.
func checkReferences(tx *bbolt.Tx, f *finder) {
	e := &edit{tx: tx}
	eachValue(f, customers.bucket(tx), customers.Table, func(k []byte, v *fleet.Customer) { f.refer(customers.Name(), k, e.checkCustomer(v)) })
	eachValue(f, devices.bucket(tx), devices.Table, func(k []byte, v *fleet.Device) { f.refer(devices.Name(), k, e.checkDevice(v)) })
	eachValue(f, fences.bucket(tx), fences.Table, func(k []byte, v *fleet.Fence) { f.refer(fences.Name(), k, e.checkFence(v)) })
	eachValue(f, rules.bucket(tx), rules.Table, func(k []byte, v *fleet.Rule) { f.refer(rules.Name(), k, e.checkRule(v)) })
	eachValue(f, notices.bucket(tx), notices.Table, func(k []byte, v *fleet.Notification) { f.refer(notices.Name(), k, e.checkNotice(v)) })
	eachValue(f, users.bucket(tx), users.Table, func(k []byte, v *fleet.User) { f.refer(users.Name(), k, checkUser(tx, nil, v)) })
	eachValue(f, tokens.bucket(tx), tokens.Table, func(k []byte, v *fleet.Token) {
		_, err := users.byID(tx, uint64(v.User))
		f.refer(tokens.Name(), k, err)
	})
	eachValue(f, credentials.bucket(tx), credentials.Table, func(k []byte, v *fleet.Credential) {
		_, err := users.byID(tx, uint64(v.User))
		f.refer(credentials.Name(), k, err)
	})
	eachValue(f, subscriptions.bucket(tx), subscriptions.Table, func(k []byte, v *fleet.Subscription) {
		_, err := users.byID(tx, uint64(v.User))
		f.refer(subscriptions.Name(), k, err)
	})
	eachValue(f, jobs.bucket(tx), jobs.Table, func(k []byte, v *fleet.Job) {
		_, err := users.byID(tx, uint64(v.User))
		f.refer(jobs.Name(), k, err)
	})
}

func (f *finder) refer(table string, key []byte, err error) {
	if err != nil {
		f.add(at(table, key), "%v", err)
	}
}

// checkAudit follows the chain of hashes.
func checkAudit(tx *bbolt.Tx, f *finder) {
	number, prev := uint64(0), []byte(nil)
	eachValue(f, tx.Bucket([]byte(auditBucket)), auditTable, func(k []byte, row *AuditRow) {
		sum, err := row.sum()
		if err != nil || !bytes.Equal(sum, row.Hash) {
			f.add(at(auditBucket, k), "the row's hash does not hold")
		}
		if row.Number != number+1 || !bytes.Equal(row.Prev, prev) {
			f.add(at(auditBucket, k), "row %d does not follow row %d: rows were cut out or changed", row.Number, number)
		}
		number, prev = row.Number, row.Hash
	})
}
