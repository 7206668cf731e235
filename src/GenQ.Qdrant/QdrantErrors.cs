using Grpc.Core;
using Microsoft.Extensions.VectorData;
using Qdrant.Client;

namespace GenQ.Qdrant;

/// <summary>Puts what can go wrong with a server into words that say where and what to do.</summary>
internal sealed class QdrantErrors(string server)
{
    /// <summary>Does something, and words its failure.</summary>
    /// <param name="operation">What is done.</param>
    /// <param name="collection">The collection.</param>
    /// <param name="act">Does it.</param>
    /// <exception cref="VectorStoreException">It failed on the server, or on the way there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<T> WrapAsync<T>(string operation, string? collection, Func<Task<T>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            throw new OperationCanceledException(e.Message, e);
        }
        catch (Exception e) when (e is RpcException or QdrantException)
        {
            throw new VectorStoreException(Words(e, collection), e) { VectorStoreSystemName = QdrantVectorStore.SystemName, CollectionName = collection, OperationName = operation };
        }
    }

    private string Words(Exception e, string? collection) => e switch
    {
        RpcException { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded } =>
            $"Qdrant at {server} does not answer: {Detail(e)} Is the server running, and is this the port of gRPC?",
        RpcException { StatusCode: StatusCode.Unauthenticated or StatusCode.PermissionDenied } =>
            $"Qdrant at {server} refuses: {Detail(e)} Set its key in the environment variable QDRANT_API_KEY.",
        RpcException { StatusCode: StatusCode.NotFound } => $"Qdrant at {server} has no collection '{collection}': fill it first.",
        RpcException { StatusCode: StatusCode.InvalidArgument } =>
            $"The collection '{collection}' of Qdrant at {server} holds other records: {Detail(e)} Give the collection another name, or delete it.",
        _ => $"Qdrant at {server} refuses: {Detail(e)}",
    };

    private static string Detail(Exception e)
    {
        string said = (e as RpcException)?.Status.Detail ?? e.Message;
        return said.EndsWith('.') ? said : said + ".";
    }
}
