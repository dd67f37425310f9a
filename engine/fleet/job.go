package fleet

// Job is an export or import of many records that runs beside the requests. It
// is its user's alone, outlives restarts, and ends as done or failed.
type Job struct {
	ID      JobID     `cbor:"1,keyasint" json:"id"`
	User    UserID    `cbor:"2,keyasint" json:"user"`
	Company CompanyID `cbor:"3,keyasint" json:"company"` // whose records
	Kind    JobKind   `cbor:"4,keyasint" json:"kind"`
	Of      BulkOf    `cbor:"5,keyasint" json:"of"`
	Option  string    `cbor:"6,keyasint,omitempty" json:"option"` // of an export: data, dataNoRelations
	Format  string    `cbor:"7,keyasint,omitempty" json:"format"` // xlsx, csv
	Owner   OwnerID   `cbor:"8,keyasint,omitempty" json:"owner"`  // of an export: only what belongs to it; 0 = all
	Lang    Lang      `cbor:"9,keyasint" json:"lang"`             // of headings and reasons

	State    JobState `cbor:"10,keyasint" json:"state"`
	Reason   string   `cbor:"11,keyasint,omitempty" json:"reason"` // of a failure, in English or a key of the API's texts
	Created  Time     `cbor:"12,keyasint" json:"created"`
	Started  Time     `cbor:"13,keyasint,omitempty" json:"started"`
	Finished Time     `cbor:"14,keyasint,omitempty" json:"finished"`
	Taken    Time     `cbor:"15,keyasint,omitempty" json:"downloaded"` // when its file was last downloaded
	Starts   int      `cbor:"16,keyasint,omitempty" json:"starts"`     // how often it was begun, restarts included

	Rows   int       `cbor:"17,keyasint,omitempty" json:"rows"` // to do; 0 = not known yet
	Done   int       `cbor:"18,keyasint,omitempty" json:"done"` // of them
	Counts JobCounts `cbor:"19,keyasint,omitzero" json:"counts"`

	Name   string `cbor:"20,keyasint,omitempty" json:"name"` // of the upload, or for the download
	Upload string `cbor:"21,keyasint,omitempty" json:"-"`    // names in the directory of bulk files; "" = none, or gone
	File   string `cbor:"22,keyasint,omitempty" json:"-"`
	Errors string `cbor:"23,keyasint,omitempty" json:"-"` // what did not go in; its rows while running, then a table
	Kept   int64  `cbor:"24,keyasint,omitempty" json:"-"` // bytes of Errors that are certain while running

	// In whose name it runs: with the rights that the user has by then, within
	// what the token that asked for it was for.
	Actor  Actor    `cbor:"25,keyasint" json:"-"`
	Scopes []string `cbor:"26,keyasint" json:"-"` // nil: the token had no limit
	App    App      `cbor:"27,keyasint,omitempty" json:"-"`
}

// JobKind says what a job does.
type JobKind string

// The kinds of job.
const (
	ExportJob JobKind = "export"
	ImportJob JobKind = "import"
)

// BulkOf is the kind of record that is exported or imported.
type BulkOf string

// What may be exported and imported.
const (
	BulkUsers     BulkOf = "users"     // people of customers
	BulkOperators BulkOf = "operators" // a company's staff
	BulkCustomers BulkOf = "customers"
	BulkDevices   BulkOf = "devices"
)

// JobState is how far a job is.
type JobState string

// The states of a job. The last two are final.
const (
	PendingJob JobState = "pending"
	RunningJob JobState = "running"
	DoneJob    JobState = "done"
	FailedJob  JobState = "failed"
)

// Final reports whether nothing more happens to the job.
func (s JobState) Final() bool { return s == DoneJob || s == FailedJob }

// JobCounts is what became of a job's rows.
type JobCounts struct {
	Created   int `cbor:"1,keyasint,omitempty" json:"created"`
	Updated   int `cbor:"2,keyasint,omitempty" json:"updated"`
	Unchanged int `cbor:"3,keyasint,omitempty" json:"unchanged"`
	Failed    int `cbor:"4,keyasint,omitempty" json:"failed"`
	Exported  int `cbor:"5,keyasint,omitempty" json:"exported"`
}
