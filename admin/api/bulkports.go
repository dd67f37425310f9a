package api

import "github.com/vigia-track/vigia/engine/fleet"

// Bulk keeps the jobs of exports and imports, and finds and writes what only
// they need. The store does.
type Bulk interface {
	// PutJob creates (ID 0) or replaces a job; NotFound if it was deleted.
	PutJob(j fleet.Job) (fleet.Job, error)
	Job(id fleet.JobID) (fleet.Job, error)
	// Jobs are a user's, AllJobs everybody's, OpenJobs those that are not
	// final; oldest first.
	Jobs(user fleet.UserID) ([]fleet.Job, error)
	AllJobs() ([]fleet.Job, error)
	OpenJobs() ([]fleet.Job, error)
	DeleteJob(actor fleet.Actor, id fleet.JobID) error

	CustomerByCode(company fleet.CompanyID, code string) (fleet.Customer, error)
	DeviceByUniqueID(uid string) (fleet.Device, error)
	// PutUsers creates or replaces people, all or none, and gives those a
	// password beside whom a hash stands. An error names the first that is at
	// fault as Field "users[i]".
	PutUsers(actor fleet.Actor, all []fleet.User, hashes []string) ([]fleet.User, error)
}
