"""The reviews on Strawberry: owns the rating, and needs a price that another subgraph has."""

import socket
from typing import Optional

import strawberry
import uvicorn
from strawberry.asgi import GraphQL


@strawberry.federation.type(keys=["upc"])
class Product:
    upc: strawberry.ID
    price: Optional[int] = strawberry.federation.field(external=True, default=None)

    @strawberry.field
    def rating(self) -> int:
        return 6 - int(self.upc)

    @strawberry.federation.field(requires=["price"])
    def worth(self) -> Optional[int]:
        return None if self.price is None else self.price * self.rating()

    @strawberry.field
    def secret(self) -> Optional[str]:
        if self.upc == "2":
            raise ValueError("the secret is kept")
        return f"known for {self.upc}"

    @classmethod
    def resolve_reference(cls, upc: strawberry.ID, price: Optional[int] = None) -> "Product":
        return cls(upc=upc, price=price)


@strawberry.type
class Query:
    @strawberry.field
    def review_count(self) -> int:
        return 7


schema = strawberry.federation.Schema(query=Query, types=[Product])
listener = socket.create_server(("127.0.0.1", 0))
print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
uvicorn.Server(uvicorn.Config(GraphQL(schema), log_level="critical")).run(sockets=[listener])
