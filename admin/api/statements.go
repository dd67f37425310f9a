package api

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type statement struct {
	Month     fleet.Month      `json:"month" doc:"In UTC" example:"2026-01"`
	Open      bool             `json:"open,omitempty" doc:"The month is not over: the figures may still rise"`
	Company   fleet.CompanyID  `json:"company"`
	Customer  fleet.CustomerID `json:"customer"`
	Name      string           `json:"name" example:"Transportes Andinos"`
	Code      string           `json:"code" example:"TA-01"`
	Reference string           `json:"reference" doc:"The customer's reference; without one, its ID" example:"ERP 10442"`
	Plan      string           `json:"plan,omitempty" example:"Fleet 50"`
	Internal  bool             `json:"internalSystem,omitempty"`
	Deleted   bool             `json:"deleted,omitempty" doc:"The customer was deleted in this month"`
	Usage     fleet.Usage      `json:"usage" doc:"The most that it had at once"`
	SMS       int              `json:"sms" doc:"Parts of SMS sent about its devices"`
	Currency  string           `json:"currency,omitempty" doc:"ISO 4217" example:"USD"`
	Lines     []statementLine  `json:"lines" nullable:"false"`
	Total     int64            `json:"total" doc:"In hundredths of the currency" example:"13500"`
}

type statementLine struct {
	Item     string `json:"item" enum:"base,device,sms"`
	Text     string `json:"text" doc:"In the caller's language" example:"Devices"`
	Quantity int    `json:"quantity" example:"50"`
	Price    int64  `json:"price" doc:"Of one, in hundredths of the currency" example:"250"`
	Amount   int64  `json:"amount" example:"12500"`
	Zero     string `json:"zeroRated,omitempty" enum:"internal,trial" doc:"Why the line is not billed"`
}

func (a *API) statements() {
	op := operation{tag: "Statements", object: auth.Statement, action: auth.Read, method: http.MethodGet}
	about := "What each customer used in a month and what it costs: lines by its plan, with its reference or ID. Internal systems and trials are listed and zero-rated."

	type query struct {
		Month string `query:"month" doc:"In UTC; absent: this one" example:"2026-01"`
		After string `query:"after" maxLength:"512" doc:"The next of the page before"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"100" doc:"At most so many, and those deleted in the month on the first page"`
	}
	op.id, op.path, op.summary, op.doc = "listStatements", "/statements", "List the statements of a month", about
	register(a, op, func(c *call, in *query) (*one[page[statement]], error) {
		items, next, err := a.statementPage(c, in.Month, in.After, in.Limit)
		return &one[page[statement]]{page[statement]{Items: some(items), Next: next}}, err
	})

	type file struct {
		Type string `header:"Content-Type"`
		Name string `header:"Content-Disposition"`
		Next string `header:"Next" doc:"Pass it as after for the following customers; absent at the end"`
		Body []byte
	}
	op.id, op.path, op.summary = "exportStatements", "/statements.csv", "Export the statements of a month as CSV, a line of the file for each line"
	register(a, op, func(c *call, in *query) (*file, error) {
		items, next, err := a.statementPage(c, in.Month, in.After, in.Limit)
		if err != nil {
			return nil, err
		}
		return &file{"text/csv; charset=utf-8", `attachment; filename="statements.csv"`, next, statementCSV(items)}, nil
	})

	op.id, op.path, op.summary = "getCustomerStatement", "/customers/{id}/statement", "Read a customer's statement of a month"
	register(a, op, func(c *call, in *struct {
		ByID
		Month string `query:"month" doc:"In UTC; absent: this one" example:"2026-01"`
	}) (*one[statement], error) {
		cu, err := c.customer(in.ID)
		if err != nil {
			return nil, err
		}
		month, err := a.month(in.Month)
		if err != nil {
			return nil, err
		}
		out, err := a.statement(c, month, &cu)
		return &one[statement]{out}, err
	})
}

func (a *API) month(text string) (fleet.Month, error) {
	if text == "" {
		return fleet.MonthOf(a.o.Now()), nil
	}
	m := fleet.Month(text)
	if err := m.Validate(); err != nil {
		return m, fleet.FieldError("month", "%v", err)
	}
	return m, nil
}

// statementPage is a page of a month's statements; those of customers that were
// deleted in it come first.
func (a *API) statementPage(c *call, monthText, after string, limit int) (out []statement, next string, err error) {
	month, err := a.month(monthText)
	if err != nil {
		return nil, "", err
	}
	p, err := a.o.Records.Customers(fleet.Query{Scope: c.scope, After: after, Limit: limit})
	if err != nil {
		return nil, "", err
	}
	if after == "" && c.user.Company != 0 {
		closed, err := a.o.Records.Closed(c.user.Company, month)
		if err != nil {
			return nil, "", err
		}
		for i := range closed {
			if v := &closed[i]; c.scope.SeesOwner(v.Customer.Company, fleet.Owner(v.Customer.ID)) {
				s, err := a.bill(c, month, &v.Customer, &v.Plan, v.Usage)
				if err != nil {
					return nil, "", err
				}
				s.Deleted = true
				out = append(out, s)
			}
		}
	}
	_, end := month.Span()
	for i := range p.Items {
		if p.Items[i].Created >= end {
			continue
		}
		s, err := a.statement(c, month, &p.Items[i])
		if fleet.KindOf(err) == fleet.NotFound && err != nil {
			continue // deleted meanwhile
		}
		if err != nil {
			return nil, "", err
		}
		out = append(out, s)
	}
	return out, p.Next, nil
}

func (a *API) statement(c *call, month fleet.Month, cu *fleet.Customer) (statement, error) {
	s, err := a.o.Records.Standing(cu.ID)
	if err != nil {
		return statement{}, err
	}
	u, err := a.o.Records.Usage(cu.ID, month)
	if err != nil {
		return statement{}, err
	}
	plan := s.Plan()
	if plan == nil {
		plan = &fleet.Plan{}
	}
	return a.bill(c, month, cu, plan, u)
}

// bill writes a customer's lines for a month. Internal systems and trials pay
// nothing, and their lines say so.
func (a *API) bill(c *call, month fleet.Month, cu *fleet.Customer, plan *fleet.Plan, u fleet.Usage) (statement, error) {
	from, to := month.Span()
	now := a.o.Now()
	out := statement{
		Month: month, Open: now < to, Company: cu.Company, Customer: cu.ID, Name: cu.Name, Code: cu.Code,
		Reference: cmp.Or(strings.TrimSpace(cu.Reference), cu.ID.String()), Plan: plan.Name, Internal: cu.Internal,
		Usage: u, Currency: plan.Prices.Currency,
	}
	sms, err := a.smsParts(cu, from, to)
	if err != nil {
		return out, err
	}
	out.SMS = sms
	zero := ""
	switch {
	case cu.Internal:
		zero = "internal"
	case cu.TrialEnds != 0 && cu.TrialEnds >= min(to, now):
		zero = "trial"
	}
	for _, l := range []statementLine{
		{Item: "base", Quantity: 1, Price: plan.Prices.Base}, {Item: "device", Quantity: u.Devices, Price: plan.Prices.Device},
		{Item: "sms", Quantity: sms, Price: plan.Prices.SMS},
	} {
		l.Text, l.Zero = say(c.lang, "statement."+l.Item), zero
		if zero == "" {
			l.Amount = int64(l.Quantity) * l.Price
		}
		out.Lines = append(out.Lines, l)
		out.Total += l.Amount
	}
	return out, nil
}

// lateSMS is how long after its event an SMS may still be sent.
const lateSMS = 40 * fleet.Day

// smsParts counts the parts of SMS that were sent about a customer's devices.
func (a *API) smsParts(cu *fleet.Customer, from, to fleet.Time) (parts int, err error) {
	q := fleet.DeliveryQuery{
		Scope:  fleet.Scope{Company: cu.Company, Customers: []fleet.CustomerID{cu.ID}},
		States: []fleet.DeliveryState{fleet.Sent}, Limit: 1000,
	}
	for {
		p, err := a.o.Facts.Deliveries(q)
		if err != nil {
			return 0, err
		}
		for i := range p.Items {
			row := &p.Items[i]
			if row.Created < from-lateSMS {
				return parts, nil
			}
			for _, t := range row.Attempts {
				if row.Key.Channel == fleet.SMS && t.OK && t.At >= from && t.At < to {
					parts += t.Parts
				}
			}
		}
		if q.After = p.Next; q.After == "" {
			return parts, nil
		}
	}
}

// statementCSV is one line for each line of each statement. Texts that a
// spreadsheet would take for a formula begin with an apostrophe.
func statementCSV(all []statement) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	w.Write([]string{"month", "customer", "name", "code", "reference", "plan", "item", "quantity", "price", "amount", "currency", "zero_rated"})
	plainText := func(s string) string {
		if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
			return "'" + s
		}
		return s
	}
	for i := range all {
		s := &all[i]
		for _, l := range s.Lines {
			w.Write([]string{
				string(s.Month), s.Customer.String(), plainText(s.Name), plainText(s.Code), plainText(s.Reference), plainText(s.Plan), l.Item,
				strconv.Itoa(l.Quantity), money(l.Price), money(l.Amount), s.Currency, l.Zero,
			})
		}
	}
	w.Flush() // a buffer takes all
	return b.Bytes()
}

// money writes hundredths with a decimal point.
func money(hundredths int64) string {
	return strconv.FormatFloat(float64(hundredths)/100, 'f', 2, 64)
}
