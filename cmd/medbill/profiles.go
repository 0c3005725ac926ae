package main

import (
	"net/http"
	"net/http/pprof"
)

// profiles serves what the runtime measures of the process. It is for a socket that the owner of its folder alone can reach,
// never for the API.
func profiles() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/profile", pprof.Profile)
	for _, name := range []string{"allocs", "goroutine"} {
		mux.Handle("/"+name, pprof.Handler(name))
	}
	return mux
}
