// The prices on gqlgen: owns the discount, and needs a weight that another subgraph has.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/transport"
)

type resolver struct{}

func (r *resolver) Query() QueryResolver     { return r }
func (r *resolver) Entity() EntityResolver   { return r }
func (r *resolver) Product() ProductResolver { return r }

func (r *resolver) PriceLists(context.Context) (int, error) { return 3, nil }

func (r *resolver) FindProductByUpc(_ context.Context, upc string) (*Product, error) {
	number, err := strconv.Atoi(upc)
	if err != nil {
		return nil, err
	}
	return &Product{Upc: upc, Discount: number * 5}, nil
}

func (r *resolver) Bulk(_ context.Context, product *Product) (*int, error) {
	if product.Weight == nil {
		return nil, nil
	}
	bulk := *product.Weight / 10
	return &bulk, nil
}

func (r *resolver) Quote(_ context.Context, product *Product) (*string, error) {
	if product.Upc == "2" {
		return nil, errors.New("no quote today")
	}
	quote := "good for " + product.Upc
	return &quote, nil
}

func main() {
	server := handler.New(NewExecutableSchema(Config{Resolvers: &resolver{}}))
	server.AddTransport(transport.POST{})
	// Without it `_service` is refused as well.
	server.Use(extension.Introspection{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("listening on http://%s/\n", listener.Addr())
	panic(http.Serve(listener, server))
}
