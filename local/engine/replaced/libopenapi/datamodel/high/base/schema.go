// Package base has the fields of a schema that `pulumi api` prints.
package base

import (
	"errors"

	"github.com/pb33f/libopenapi/orderedmap"
	"go.yaml.in/yaml/v4"
)

type Schema struct {
	Type, Required              []string
	Description, Format         string
	Pattern                     string
	AllOf, AnyOf, OneOf         []*SchemaProxy
	Properties                  *orderedmap.Map[string, *SchemaProxy]
	Items, AdditionalProperties *DynamicValue[*SchemaProxy, bool]
	Discriminator               *Discriminator
	Enum                        []*yaml.Node
	Default                     *yaml.Node
	MaxLength, MinLength        *int64
	Maximum, Minimum            *float64
	MultipleOf                  *float64
	Nullable, ReadOnly          *bool
	Extensions                  *orderedmap.Map[string, *yaml.Node]
}

func (*Schema) GoLow() *Low { return nil }

func (*Schema) MarshalJSONInline() ([]byte, error) { return nil, errors.ErrUnsupported }

type Low struct{}

func (*Low) Hash() uint64 { return 0 }

type SchemaProxy struct{}

func (*SchemaProxy) Schema() *Schema { return nil }

type DynamicValue[A, B any] struct{ A A }

func (*DynamicValue[A, B]) IsA() bool { return false }

type Discriminator struct {
	PropertyName string
	Mapping      *orderedmap.Map[string, string]
}
