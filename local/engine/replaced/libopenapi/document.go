// Package libopenapi has the names that `pulumi api` takes from github.com/pb33f/libopenapi, and reads nothing.
//
// That command alone, which asks Pulumi Cloud, needs the library, and the library is a fifth of what compiling the CLI takes.
package libopenapi

import (
	"errors"

	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

type Document interface {
	BuildV3Model() (*DocumentModel[v3.Document], error)
}

type DocumentModel[T any] struct{ Model T }

// NewDocument always fails.
func NewDocument([]byte) (Document, error) {
	return nil, errors.New("this Pulumi CLI was built without `pulumi api`; Pulumi's own has it: https://www.pulumi.com/docs/install")
}
