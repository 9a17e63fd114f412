/** The reference transport keeps the promises that every transport makes. */
import { GrpcJsTransport } from "../../src/transport/grpc-js.ts";
import { transportContract } from "./transport-contract.ts";

transportContract("grpc-js", (options) => new GrpcJsTransport(options));
