package practice

import (
	"reflect"
	"strings"
)

// Variable is a name that conditions may say, with its type in CEL and what it means.
type Variable struct{ Name, Type, Text string }

// Variables gives every name, in the order in which people read them. line is there for rules that look at each line alone.
func Variables() []Variable {
	list := fieldsOf("claim", reflect.TypeFor[Claim]())
	list = append(list, fieldsOf("line", reflect.TypeFor[Line]())...)
	list = append(list, fieldsOf("patient", reflect.TypeFor[Patient]())...)
	list = append(list, fieldsOf("payer", reflect.TypeFor[Payer]())...)
	return append(list, fieldsOf("billing", reflect.TypeFor[Provider]())...)
}

func fieldsOf(name string, typ reflect.Type) []Variable {
	list := make([]Variable, typ.NumField())
	for i := range list {
		f := typ.Field(i)
		list[i] = Variable{name + "." + f.Tag.Get("json"), typeInCEL(f.Type), f.Tag.Get("text")}
	}
	return list
}

func typeInCEL(typ reflect.Type) string {
	switch typ.Kind() {
	case reflect.Slice:
		return "list of " + typeInCEL(typ.Elem())
	case reflect.Int64:
		return "int"
	case reflect.Float64:
		return "double"
	case reflect.Struct:
		return strings.ToLower(typ.Name())
	}
	return typ.Kind().String()
}
