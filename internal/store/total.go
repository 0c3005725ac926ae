package store

import "strconv"

// TotalMax is up to how many rows a total is counted. To count more costs more the larger a tenant is, and nobody reads so far.
const TotalMax = 10_000

// Total counts the rows of a query, nil where there are more than TotalMax.
func Total(v *View, query string, args ...any) (*int64, error) {
	var total int64
	err := v.Rows(func(row Row) error { return row.Scan(&total) },
		"SELECT count(*) FROM ("+query+" LIMIT "+strconv.Itoa(TotalMax+1)+") t", args...)
	if err != nil || total > TotalMax {
		return nil, err
	}
	return &total, nil
}
