package books

// BookedTypes names the types that are rendered from rows.
func BookedTypes() []string {
	names := make([]string, len(bookedTypes))
	for i, b := range bookedTypes {
		names[i], _ = b.names()
	}
	return names
}
