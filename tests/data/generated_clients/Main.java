import org.openapitools.client.ApiClient;
import org.openapitools.client.api.ClaimsApi;
import org.openapitools.client.model.Claim;

class Main {
  public static void main(String[] given) throws Exception {
    ApiClient client = new ApiClient();
    client.updateBaseUri(given[0]);
    client.setRequestInterceptor(request -> request.header("Authorization", given[1]));
    Claim claim = new ClaimsApi(client).claimsGet(15L, null);
    System.out.println(claim.getClaimNum() + " " + claim.getCustomTrackingNum() + " " + claim.getCustomTrackingName());
  }
}
