package codes

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"reflect"
)

// digestOf tells one content from another by its values alone, in whatever process and build it is computed: the bytes it is kept
// as carry numbers of types that a process gives out as it meets them.
func digestOf(c Content) string {
	sum := sha256.New()
	w := bufio.NewWriterSize(sum, 1<<16)
	d := digester{w: w}
	d.add(reflect.ValueOf(c).Elem())
	_ = w.Flush() // a hash takes everything
	return hex.EncodeToString(sum.Sum(nil))
}

type digester struct {
	w       *bufio.Writer
	scratch [8]byte
}

func (d *digester) number(n uint64) {
	binary.LittleEndian.PutUint64(d.scratch[:], n)
	_, _ = d.w.Write(d.scratch[:])
}

// add adds the exported fields of a struct, the length and the elements of a slice, a text, a number.
func (d *digester) add(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				d.add(v.Field(i))
			}
		}
	case reflect.Slice:
		d.number(uint64(v.Len()))
		for i := range v.Len() {
			d.add(v.Index(i))
		}
	case reflect.String:
		d.number(uint64(v.Len()))
		_, _ = d.w.WriteString(v.String())
	case reflect.Bool:
		if v.Bool() {
			d.number(1)
		} else {
			d.number(0)
		}
	case reflect.Int, reflect.Int64:
		d.number(uint64(v.Int()))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		d.number(v.Uint())
	default:
		panic("codes: a content holds " + v.Kind().String())
	}
}
