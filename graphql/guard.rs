//! What stands before and after every request: sizes, the budget, and the codes of errors.

use crate::asked::Asked;
use crate::cost::{self, Measured};
use crate::desk::Desk;
use crate::error::{self, BAD_INPUT, TOO_COSTLY, refusal};
use crate::mutation::MutationRoot;
use crate::refused::Refusals;
use crate::size;
use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest, NextRequest, NextResolve,
    NextValidation, ResolveInfo,
};
use async_graphql::{
    Data, OutputType, Request, Response, ServerError, ServerResult, ValidationResult, Value,
    async_trait,
};
use domain::policy::Viewer;
use std::any::TypeId;
use std::sync::Arc;

/// Who sends a request, and whether it may write.
pub(crate) struct Sender {
    /// Who asks.
    pub(crate) viewer: Viewer,
    /// Whether mutations may run: not by `GET`.
    pub(crate) allow_mutation: bool,
    /// Where the measured cost is noted.
    pub(crate) measured: Arc<Measured>,
}

/// Makes a guard for each request.
pub(crate) struct Guards(pub(crate) Arc<Desk>);

impl ExtensionFactory for Guards {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Guard {
            desk: Arc::clone(&self.0),
            refusals: Arc::default(),
        })
    }
}

struct Guard {
    desk: Arc<Desk>,
    refusals: Arc<Refusals>,
}

#[async_trait::async_trait]
impl Extension for Guard {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let _turn = self.desk.turn().await;
        let mut response = next.run(ctx).await;
        response.errors = error::finish(response.errors);
        self.desk.keep_refused(&self.refusals.take()).await;
        response
    }

    /// Notes each mutation that was refused whole: whichever it is, and whyever.
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let mutation = (info.parent_type == MutationRoot::type_name()).then_some(info.name);
        let resolved = next.run(ctx, info).await;
        if let (Some(mutation), Err(error)) = (mutation, &resolved)
            && let Some(cause) = error::cause(error)
        {
            let asked = ctx.data_unchecked::<Arc<Asked>>();
            self.refusals.note(&asked.viewer, mutation, cause.code());
        }
        resolved
    }

    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        mut request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let (viewer, measured, may_write) = {
            let sender = sender(&request.data)?;
            (
                sender.viewer.clone(),
                Arc::clone(&sender.measured),
                sender.allow_mutation,
            )
        };
        measured.note(|shown| shown.budget = cost::budget(&viewer, &self.desk.limits));
        let depth = size::check(&mut request, &self.desk.limits)?;
        measured.note(|shown| shown.depth = depth);
        let operation = request.operation_name.clone();
        if !may_write && size::is_mutation(request.parsed_query()?, operation.as_deref()) {
            return Err(refusal(
                BAD_INPUT,
                "A GET request never changes anything; send mutations by POST.",
            ));
        }
        request.data.insert(measured);
        let (desk, refusals) = (Arc::clone(&self.desk), Arc::clone(&self.refusals));
        request.data.insert(Asked::new(desk, viewer, refusals));
        next.run(ctx, request).await
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let validated = next.run(ctx).await?;
        let asked = ctx.data_unchecked::<Arc<Asked>>();
        let (cost, budget) = (
            validated.complexity,
            cost::budget(&asked.viewer, &self.desk.limits),
        );
        ctx.data_unchecked::<Arc<Measured>>()
            .note(|shown| shown.cost = cost);
        if cost > budget {
            let hint = match asked.viewer {
                Viewer::Anonymous => "ask for less at a time, or send a token",
                _ => "ask for less at a time",
            };
            let message = format!("The request costs {cost} and your budget is {budget}; {hint}.");
            return Err(vec![refusal(TOO_COSTLY, message)]);
        }
        Ok(validated)
    }
}

fn sender(data: &Data) -> ServerResult<&Sender> {
    let sender = data
        .get(&TypeId::of::<Sender>())
        .and_then(|sender| sender.downcast_ref());
    // Only `execute` runs this schema; whatever else does is a mistake in this program.
    sender.ok_or_else(|| {
        let cause = domain::Error::internal("a request without a sender");
        async_graphql::Error::from(Arc::new(cause)).into_server_error(async_graphql::Pos::default())
    })
}
